package io.postwatch.controller.secret;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How secrets are kept.
 *
 * @param dataKeyAge a tenant's data key that is older makes room for a new one by itself; a year limits what one key has seen
 */
@ConfigurationProperties("postwatch.secret")
record SecretProperties(@DefaultValue("365d") Duration dataKeyAge) {
    SecretProperties {
        if (dataKeyAge.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("postwatch.secret.data-key-age is at least a day");
        }
    }
}
