package io.postwatch.controller.proof;

import io.postwatch.controller.check.MailAddress;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a tenant must have proven before agents of public locations make a check for them: nobody shall guess passwords or
 * gather addresses of others through them. Agents of private locations make every check.
 */
public sealed interface ProofNeed {
    /** A mailbox, and nothing that a server could read in another way. */
    Pattern PLAIN_ADDRESS = Pattern.compile("[A-Za-z0-9._+-]+@[^@]+");

    /** What of the check it is about. */
    enum Subject {
        LOGIN,
        RECIPIENT
    }

    Subject subject();

    /** One sentence for whoever wants the check. */
    String sentence();

    /** A domain, or one above it. */
    record OfDomain(Subject subject, MailDomain domain, String sentence) implements ProofNeed {}

    /** Nobody can: only private locations make this check. */
    record Unprovable(Subject subject, String sentence) implements ProofNeed {}

    /** Of a check; empty: whoever likes may have it made. */
    static List<ProofNeed> of(MonitorSettings settings) {
        List<ProofNeed> needs = new ArrayList<>();
        MonitorLogin login = settings.login();
        if (login != null) {
            needs.add(ofLogin(login.username()));
        }
        MailAddress recipient = settings.recipient();
        if (recipient != null) {
            needs.add(ofRecipient(recipient));
        }
        return List.copyOf(needs);
    }

    /** Those that none of these domains meets. */
    static List<ProofNeed> unmet(MonitorSettings settings, Collection<MailDomain> proven) {
        return of(settings).stream().filter(need -> !need.isMetBy(proven)).toList();
    }

    private boolean isMetBy(Collection<MailDomain> proven) {
        return switch (this) {
            case OfDomain(var _, var domain, var _) -> proven.stream().anyMatch(one -> one.covers(domain));
            case Unprovable _ -> false;
        };
    }

    /**
     * Whose mailbox it is says the user name alone. The host's name doesn't: whoever owns a name may point it to a server of
     * somebody else. Neither does a name in which servers see more than one user, as in {@code anna*admin@example.org}.
     */
    private static ProofNeed ofLogin(String username) {
        Optional<MailDomain> domain = PLAIN_ADDRESS.matcher(username).matches()
                ? MailAddress.read(username).flatMap(MailDomain::of)
                : Optional.empty();
        return domain.<ProofNeed>map(known -> new OfDomain(
                        Subject.LOGIN,
                        known,
                        "Public locations log in as " + username + " once " + known + " is proven to be yours"))
                .orElseGet(() -> new Unprovable(
                        Subject.LOGIN,
                        "Whose mailbox " + username
                                + " is can't be proven: log in from private locations, or with its whole address"));
    }

    private static ProofNeed ofRecipient(MailAddress recipient) {
        return MailDomain.of(recipient)
                .<ProofNeed>map(known -> new OfDomain(
                        Subject.RECIPIENT,
                        known,
                        "Public locations ask for " + recipient + " once " + known + " is proven to be yours"))
                .orElseGet(() -> new Unprovable(
                        Subject.RECIPIENT,
                        "Whose " + recipient + " is can't be proven: ask for it from private locations"));
    }
}
