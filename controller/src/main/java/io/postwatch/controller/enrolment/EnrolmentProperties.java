package io.postwatch.controller.enrolment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How agents are let in.
 *
 * @param approvalPatience how long an agent that nobody has approved is remembered: a day, so that whoever enrolled it in
 *     the evening may ask somebody in the morning
 */
@ConfigurationProperties("postwatch.enrolment")
public record EnrolmentProperties(@DefaultValue("1d") Duration approvalPatience) {
    public EnrolmentProperties {
        if (!approvalPatience.isPositive()) {
            throw new IllegalArgumentException("postwatch.enrolment.approval-patience is positive");
        }
    }
}
