package io.postwatch.controller;

import io.postwatch.controller.shared.IdSource;
import io.postwatch.controller.shared.NanoTicker;
import java.time.InstantSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Starts the controller, and owns the clocks that everything else is given. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ControllerApplication {
    public static void main(String[] args) {
        SpringApplication.run(ControllerApplication.class, args);
    }

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Bean
    NanoTicker ticker() {
        return NanoTicker.system();
    }

    @Bean
    IdSource idSource(InstantSource clock) {
        return IdSource.secure(clock);
    }
}
