package io.postwatch.controller.assignment;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AssignmentConfiguration {
    @Bean
    SeriesIds seriesIds(InstantSource clock) {
        return new SeriesIds(clock, new SecureRandom());
    }
}
