package io.postwatch.controller;

import io.postwatch.controller.home.KeyCommand;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.IdSource;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Starts the controller, or does what its command line asks for instead, and owns the clocks that everything else is given. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ControllerApplication {
    private static final int UPKEEP_THREADS = 4;

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(KeyCommand.NAME)) {
            System.exit(new KeyCommand(System.getenv(), System.out, InstantSource.system()).run(List.of(args)));
        }
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

    /**
     * A few threads, so that one long look at everything does not hold up all others. Where the database hangs all of them
     * do: what must go on then, the lease and what sessions hear, has threads of its own.
     */
    @Bean
    ThreadPoolTaskScheduler taskScheduler() {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        scheduler.setPoolSize(UPKEEP_THREADS);
        scheduler.setThreadNamePrefix("upkeep-");
        return scheduler;
    }
}
