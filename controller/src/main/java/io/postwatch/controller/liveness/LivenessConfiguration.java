package io.postwatch.controller.liveness;

import io.postwatch.controller.shared.IdSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LivenessConfiguration {
    @Bean
    ControllerId controllerId(IdSource ids) {
        return new ControllerId(ids.next());
    }
}
