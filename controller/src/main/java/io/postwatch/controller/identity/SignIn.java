package io.postwatch.controller.identity;

import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Decides whether an e-mail address and a password belong together; says no more than that, and not sooner. */
@Component
class SignIn {
    static final ProblemCode REFUSED = new ProblemCode("sign-in-refused", 401, "E-mail address or password is wrong");

    /** Soft: whoever guesses is slowed down, and the owner waits half a minute at most. */
    private static final int PER_ACCOUNT = 10;

    private static final Duration PER_ACCOUNT_EVERY = Duration.ofSeconds(30);

    /** Whole offices share an address. */
    private static final int PER_ADDRESS = 50;

    private static final Duration PER_ADDRESS_EVERY = Duration.ofSeconds(5);

    private final Users users;
    private final PasswordHashes hashes;
    private final FailedSignIns failures;
    private final AttemptLimits accounts;
    private final AttemptLimits addresses;

    SignIn(Users users, PasswordHashes hashes, FailedSignIns failures, NanoTicker ticker) {
        this.users = users;
        this.hashes = hashes;
        this.failures = failures;
        this.accounts = new AttemptLimits(ticker, PER_ACCOUNT, PER_ACCOUNT_EVERY);
        this.addresses = new AttemptLimits(ticker, PER_ADDRESS, PER_ADDRESS_EVERY);
    }

    UserId check(String email, String password, String address) {
        String account = email.toLowerCase(Locale.ROOT);
        takeAttempt(account.substring(0, Math.min(account.length(), 300)), address);
        Optional<Users.Account> found = users.byEmail(email);
        boolean tooLong = password.length() > 2 * PasswordRules.MAX_LENGTH;
        boolean matches = hashes.matches(
                tooLong ? "" : password, found.map(Users.Account::passwordHash).orElse(null));
        if (!matches || tooLong || found.isEmpty()) {
            found.ifPresent(known -> failures.tell(known, address));
            throw ProblemException.of(REFUSED, "Check both and try again.");
        }
        accounts.giveBack(account);
        addresses.giveBack(address);
        return found.get().id();
    }

    /** For the set-up token too, which is guessed by address only. */
    void takeAttempt(String address) {
        addresses.take(address).ifPresent(SignIn::refuse);
    }

    private void takeAttempt(String account, String address) {
        takeAttempt(address);
        accounts.take(account).ifPresent(SignIn::refuse);
    }

    private static void refuse(Duration wait) {
        throw ProblemException.tooManyRequests("Too many attempts; wait a little.", wait);
    }
}
