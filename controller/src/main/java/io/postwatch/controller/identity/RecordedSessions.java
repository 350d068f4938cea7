package io.postwatch.controller.identity;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.scope.DirectoryTransactions;
import io.postwatch.controller.shared.id.UserId;
import io.postwatch.controller.web.Caller;
import org.springframework.stereotype.Component;

/** Begins and ends sessions, and puts it into the record of each tenant that the person is a member of. */
@Component
class RecordedSessions {
    private final DirectoryTransactions transactions;
    private final Sessions sessions;
    private final Users users;
    private final Audit audit;

    RecordedSessions(DirectoryTransactions transactions, Sessions sessions, Users users, Audit audit) {
        this.transactions = transactions;
        this.sessions = sessions;
        this.users = users;
        this.audit = audit;
    }

    Sessions.NewSession begin(UserId user, String address) {
        return transactions.call(() -> {
            Sessions.NewSession session = sessions.begin(user);
            put(Act.USER_SIGNED_IN, user, session.caller().email(), address);
            return session;
        });
    }

    void end(String token, Caller caller, String address) {
        transactions.run(() -> {
            sessions.end(token);
            put(Act.USER_SIGNED_OUT, caller.user(), caller.email(), address);
        });
    }

    void refused(Users.Account account, String address) {
        transactions.run(() -> put(Act.USER_SIGN_IN_FAILED, account.id(), account.email(), address));
    }

    private void put(Act act, UserId user, String email, String address) {
        for (var tenant : users.tenantsOf(user)) {
            AuditEntry entry = AuditEntry.by(Actor.user(user, email), tenant, act, user.value(), email)
                    .from(address);
            transactions.runIn(tenant, () -> audit.record(entry));
        }
    }
}
