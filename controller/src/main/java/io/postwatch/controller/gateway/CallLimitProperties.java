package io.postwatch.controller.gateway;

import io.postwatch.controller.gateway.gate.CallLimits;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often agents may enrol, and how often they may renew, before they have proven who they are; nonces twice as often.
 *
 * @param perSecond from one address: 10,000 agents behind one renew once in a few days each, and where all of them have to
 *     at once, after an outage, in two minutes
 * @param burst from one address at once
 * @param allPerSecond in all: about as many as this controller decides
 * @param allBurst in all at once
 * @param wrongCost how many calls of its address one costs that comes with a token or a signature nobody knows: one guess
 *     a second, from an address that does nothing else
 */
@ConfigurationProperties("postwatch.gateway.limits")
record CallLimitProperties(
        @DefaultValue("100") int perSecond,
        @DefaultValue("1000") int burst,
        @DefaultValue("400") int allPerSecond,
        @DefaultValue("4000") int allBurst,
        @DefaultValue("100") int wrongCost) {
    CallLimits.Rates rates() {
        return new CallLimits.Rates(perSecond, burst, allPerSecond, allBurst, wrongCost);
    }
}
