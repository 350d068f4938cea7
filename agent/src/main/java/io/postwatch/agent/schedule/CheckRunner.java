package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Deadline;
import java.security.GeneralSecurityException;
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

    public CheckRunner(Probe probe, LoginOpener logins) {
        this.probe = probe;
        this.logins = logins;
    }

    ProbeResult run(Check check, @Nullable SealedSecret secret, long runNumber, Deadline deadline, UUID runId) {
        try {
            LoginPlan plan = check.login();
            if ((plan == null) != (secret == null)) {
                LOG.error("Run {} has a login without its credentials, or the other way round", runId);
                return ProbeResult.notRun(
                        FailureCode.INTERNAL_ERROR, "The run was to log in, but its credentials did not come with it.");
            }
            Login login = plan == null || secret == null ? null : logins.open(secret, plan);
            return probe.run(check.request(login, runNumber), deadline);
        } catch (GeneralSecurityException sealed) {
            LOG.warn("Run {} could not open its credentials: {}", runId, sealed.getMessage());
            return ProbeResult.notRun(
                    FailureCode.INTERNAL_ERROR, "The agent could not open the credentials that were sealed for it.");
        } catch (RuntimeException | Error crash) {
            LOG.error("Run {} crashed", runId, crash);
            return ProbeResult.notRun(FailureCode.INTERNAL_ERROR, "The run crashed inside the agent.");
        }
    }
}
