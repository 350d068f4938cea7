package io.postwatch.controller.series;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SeriesConfiguration {
    @Bean
    SeriesIds seriesIds(InstantSource clock) {
        return new SeriesIds(clock, new SecureRandom());
    }
}
