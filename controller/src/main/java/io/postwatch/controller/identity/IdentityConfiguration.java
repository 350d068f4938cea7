package io.postwatch.controller.identity;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IdentityProperties.class)
class IdentityConfiguration {
    @Bean
    PasswordHashes passwordHashes() {
        return new PasswordHashes(Math.max(2, Runtime.getRuntime().availableProcessors()));
    }

    @Bean
    PasswordRules passwordRules() {
        return PasswordRules.shipped();
    }
}
