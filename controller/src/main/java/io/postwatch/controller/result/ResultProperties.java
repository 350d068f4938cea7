package io.postwatch.controller.result;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long results are kept.
 *
 * @param retentionDays whole days, 1 to 50; raw results are many, seven days of them is what charts and questions need
 */
@ConfigurationProperties("postwatch.result")
record ResultProperties(@DefaultValue("7") int retentionDays) {
    ResultProperties {
        if (retentionDays < 1 || retentionDays > 50) {
            throw new IllegalArgumentException("postwatch.result.retention-days is 1 to 50");
        }
    }
}
