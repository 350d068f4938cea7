package io.postwatch.controller.peers;

import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.shared.id.IdSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PeersConfiguration {
    @Bean
    ControllerId controllerId(IdSource ids) {
        return new ControllerId(ids.next());
    }
}
