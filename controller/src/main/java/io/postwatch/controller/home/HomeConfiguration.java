package io.postwatch.controller.home;

import java.nio.file.Path;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HomeProperties.class)
class HomeConfiguration {
    @Bean
    DataHome dataHome(HomeProperties properties) {
        return DataHome.open(DataHome.configuredOrDefault(
                properties.dataDir(),
                System.getProperty("user.name", ""),
                Path.of(System.getProperty("user.home", "."))));
    }

    @Bean
    KekProvider kekProvider(HomeProperties properties, DataHome home) {
        Path file = properties.keyFile();
        return FileKekProvider.open(file == null ? DataHome.keyFile(home.folder()) : file);
    }
}
