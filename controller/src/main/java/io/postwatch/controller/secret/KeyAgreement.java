package io.postwatch.controller.secret;

import io.postwatch.controller.home.KekId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which key-encryption key the controllers of a database use: the one that all of them would use first. So nobody ever wraps
 * by a key that another one doesn't have. Pure.
 */
final class KeyAgreement {
    private KeyAgreement() {}

    /**
     * A controller that lives.
     *
     * @param host what people call it
     * @param keys those it keeps, the one it would use first; none where it is of a release before
     */
    record Member(String host, List<KekId> keys) {
        Member {
            keys = List.copyOf(keys);
        }
    }

    /** What follows. */
    sealed interface Outcome {
        /** All would use the one that is used. */
        record Stay() implements Outcome {}

        /** All would use this one: from now on it is used. */
        record ChangeTo(KekId key) implements Outcome {}

        /** Some would use another; who keeps them from it, in a sentence. */
        record Wait(String why) implements Outcome {}
    }

    static Outcome of(KekId current, List<Member> living) {
        Set<KekId> wanted = living.stream()
                .filter(member -> !member.keys().isEmpty())
                .map(member -> member.keys().getFirst())
                .collect(Collectors.toSet());
        Set<KekId> others = wanted.stream().filter(key -> !key.equals(current)).collect(Collectors.toSet());
        if (others.isEmpty()) {
            return new Outcome.Stay();
        }
        if (others.size() > 1) {
            return new Outcome.Wait("The controllers have different new key-encryption keys ("
                    + living.stream().map(KeyAgreement::told).collect(Collectors.joining("; "))
                    + "): copy the key file of one of them to all others");
        }
        KekId next = others.iterator().next();
        List<Member> behind = living.stream()
                .filter(member ->
                        member.keys().isEmpty() || !member.keys().getFirst().equals(next))
                .toList();
        if (behind.isEmpty()) {
            return new Outcome.ChangeTo(next);
        }
        return new Outcome.Wait("The key-encryption key " + next
                + " waits until it is the first in the key file of every" + " controller: "
                + behind.stream().map(KeyAgreement::told).collect(Collectors.joining("; ")));
    }

    private static String told(Member member) {
        return member.host() + " has "
                + (member.keys().isEmpty()
                        ? "a release that knows one key only"
                        : member.keys().stream().map(KekId::toString).collect(Collectors.joining(", ")));
    }
}
