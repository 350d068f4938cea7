package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.localsecret.LocalSecretException;
import io.postwatch.agent.login.LoginFailures;
import io.postwatch.agent.login.LoginLeases;
import io.postwatch.agent.login.LoginTurn;
import io.postwatch.agent.login.LoginVerdict;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Deadline;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a check once and turns whatever happens into its result: what the probe found, or why it could not be asked.
 * Blocks its caller for as long as the run takes; never throws.
 */
public final class CheckRunner {

    private static final Logger LOG = LoggerFactory.getLogger(CheckRunner.class);

    private final Probe probe;
    private final LoginOpener logins;
    private final LoginLeases leases;

    public CheckRunner(Probe probe, LoginOpener logins, LoginLeases leases) {
        this.probe = probe;
        this.logins = logins;
        this.leases = leases;
    }

    /** Waits until a run may log in, or it is clear that it may not; not at all where it needs no lease. */
    LoginTurn awaitTurn(ActiveRun run) {
        Check check = run.assignment().check();
        return check.needsLease()
                ? leases.ask(run.assignment().series(), check.timeout(), run.loginPatience())
                : new LoginTurn.Free();
    }

    /** Runs the check, with its login as far as its turn allows; a lease is given back in any case. */
    ProbeResult run(
            Check check, @Nullable SealedSecret secret, LoginTurn turn, long runNumber, Deadline deadline, UUID runId) {
        return switch (turn) {
            case LoginTurn.Free _ -> run(check, secret, runNumber, deadline, runId);
            case LoginTurn.Granted granted -> runHolding(granted, check, secret, runNumber, deadline, runId);
            case LoginTurn.Withheld(Instant refusedAt, Instant until) ->
                LoginFailures.judged(
                        runWithoutLogin(check, runNumber, deadline, runId), LoginFailures.withheld(refusedAt, until));
            case LoginTurn.Suspended(Instant since) ->
                LoginFailures.judged(
                        runWithoutLogin(check, runNumber, deadline, runId), LoginFailures.suspended(since));
            case LoginTurn.Missed _ -> runWithoutLogin(check, runNumber, deadline, runId);
        };
    }

    private ProbeResult runHolding(
            LoginTurn.Granted turn,
            Check check,
            @Nullable SealedSecret secret,
            long runNumber,
            Deadline deadline,
            UUID runId) {
        LoginVerdict verdict = LoginVerdict.NEITHER;
        try {
            ProbeResult result = run(check, secret, runNumber, deadline, runId);
            verdict = LoginVerdict.of(result);
            return result;
        } finally {
            leases.giveBack(turn, verdict);
        }
    }

    private ProbeResult runWithoutLogin(Check check, long runNumber, Deadline deadline, UUID runId) {
        try {
            return probe.run(check.requestWithoutLogin(runNumber), deadline);
        } catch (RuntimeException | Error crash) {
            return crashed(runId, crash);
        }
    }

    private static ProbeResult crashed(UUID runId, Throwable crash) {
        LOG.error("Run {} crashed", runId, crash);
        return ProbeResult.notRun(FailureCode.INTERNAL_ERROR, "The run crashed inside the agent.");
    }

    ProbeResult run(Check check, @Nullable SealedSecret secret, long runNumber, Deadline deadline, UUID runId) {
        try {
            if ((check.login() == null) != (secret == null)) {
                LOG.error("Run {} has a login without its credentials, or the other way round", runId);
                return ProbeResult.notRun(
                        FailureCode.INTERNAL_ERROR, "The run was to log in, but its credentials did not come with it.");
            }
            Login login = secret == null ? null : logins.open(secret, check, deadline);
            return probe.run(check.request(login, runNumber), deadline);
        } catch (GeneralSecurityException sealed) {
            LOG.warn("Run {} could not open its credentials: {}", runId, sealed.getMessage());
            return ProbeResult.notRun(
                    FailureCode.INTERNAL_ERROR, "The agent could not open the credentials that were sealed for it.");
        } catch (LocalSecretException unavailable) {
            LOG.warn(
                    "Run {} has no secret to log in with: {} ({})",
                    runId,
                    unavailable.sentence(),
                    unavailable.detail());
            return ProbeResult.notRun(FailureCode.LOCAL_SECRET_UNAVAILABLE, unavailable.sentence());
        } catch (RuntimeException | Error crash) {
            return crashed(runId, crash);
        }
    }
}
