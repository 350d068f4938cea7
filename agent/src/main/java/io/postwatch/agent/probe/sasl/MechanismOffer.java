package io.postwatch.agent.probe.sasl;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The mechanisms a server offers.
 *
 * @param names in upper case, in the server's order; also those this prober doesn't know
 */
public record MechanismOffer(List<String> names) {

    public MechanismOffer {
        names = names.stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /**
     * The most preferred mechanism that both sides know and that takes this login's secret; the one it names, where it
     * names one.
     *
     * @return null where there is none
     */
    public @Nullable AuthMechanism best(Login login) {
        return Stream.of(AuthMechanism.values())
                .filter(AuthMechanism.SUPPORTED::contains)
                .filter(mechanism -> login.mechanism() == null || login.mechanism() == mechanism)
                .filter(mechanism -> mechanism.takesToken() == login.hasToken())
                .filter(mechanism -> names.contains(mechanism.saslName()))
                .findFirst()
                .orElse(null);
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }
}
