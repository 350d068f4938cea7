package io.postwatch.agent.selfcheck;

import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.NetworkFindings;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.RunSettings;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCategory;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the operator's hosts whether they can be reached: a connection, the greeting, QUIT; one host after the other until
 * one answers, each round beginning with the next, and each address family by itself. A thread of its own looks whether a round is due; without hosts there is
 * none.
 */
public final class EgressCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EgressCheck.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** For one host. A server that holds its greeting back may take it all: the connection is what counts. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Probe probe;
    private final EgressHosts hosts;
    private final Egress egress;
    private final NanoTicker ticker;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private long rounds;

    /** @param probe itself, not one that checks its blame by what comes out here */
    public EgressCheck(Probe probe, EgressHosts hosts, Egress egress, NanoTicker ticker) {
        this.probe = probe;
        this.hosts = hosts;
        this.egress = egress;
        this.ticker = ticker;
    }

    /** Begins to ask; called once. */
    public void start() {
        if (!hosts.hosts().isEmpty()) {
            Thread.ofVirtual().name("selfcheck").start(this::work);
        }
    }

    /** Asks no more. A host that is being asked may still answer. */
    @Override
    public void close() {
        stopping.countDown();
    }

    private void work() {
        try {
            do {
                lookOnce();
            } while (!stopping.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException nobodyDoesThis) {
            LOG.error("The check of the way out was interrupted: no more hosts are asked", nobodyDoesThis);
        }
    }

    private void lookOnce() {
        try {
            look();
        } catch (RuntimeException bug) {
            LOG.error("The hosts for the check of the way out could not be asked; they are asked again", bug);
        }
    }

    /** Asks where a round is due. */
    void look() {
        for (int port : hosts.ports()) {
            look(port, AddressFamily.IPV4);
            look(port, AddressFamily.IPV6);
        }
    }

    private void look(int port, AddressFamily family) {
        if (egress.isRoundDue(port, family)) {
            boolean wasBlocked = egress.blockedBecause(port, family) != null;
            egress.asked(port, family, ask(hosts.at(port), family));
            boolean isBlocked = egress.blockedBecause(port, family) != null;
            if (isBlocked != wasBlocked) {
                LOG.warn(
                        "Port {} is {} for this agent over {}",
                        port,
                        isBlocked ? "blocked" : "open again",
                        family == AddressFamily.IPV4 ? "IPv4" : "IPv6");
            }
        }
    }

    private PortEgress.Answer ask(List<EgressHosts.Host> some, AddressFamily family) {
        rounds++;
        int silent = 0;
        for (int i = 0; i < some.size(); i++) {
            EgressHosts.Host host = some.get((int) ((rounds + i) % some.size()));
            switch (reach(host, family)) {
                case REACHED -> {
                    return PortEgress.Answer.SOME;
                }
                case SILENT -> silent++;
                case NOT_ASKED -> {}
            }
        }
        return switch (silent) {
            case 0 -> PortEgress.Answer.UNKNOWN;
            case 1 -> PortEgress.Answer.ONE_SILENT;
            default -> PortEgress.Answer.NONE;
        };
    }

    private enum Reach {
        REACHED,
        SILENT,
        NOT_ASKED
    }

    private Reach reach(EgressHosts.Host host, AddressFamily family) {
        try (Deadline deadline = Deadline.after(PATIENCE, ticker)) {
            ProbeResult result = probe.run(greetingOf(host, family), deadline);
            NetworkFindings network = result.network();
            Failure failure = result.failure();
            if (network != null && network.remoteAddress() != null) {
                return Reach.REACHED;
            }
            boolean unreachable = failure != null
                    && (failure.code().category() == FailureCategory.CONNECT
                            || (failure.code() == FailureCode.NO_EGRESS
                                    && network != null
                                    && !network.attempts().isEmpty()));
            boolean isOfTheOther = failure != null && failure.code() == FailureCode.NO_ADDRESS;
            if (!unreachable && !isOfTheOther) {
                LOG.warn(
                        "{} tells nothing of the way out: {}",
                        host.host(),
                        failure == null ? "it was not asked" : failure.message());
            }
            return unreachable ? Reach.SILENT : Reach.NOT_ASKED;
        }
    }

    private ProbeRequest greetingOf(EgressHosts.Host host, AddressFamily family) {
        return new SmtpRequest(
                new RunSettings(
                        new Target(host.host(), host.port(), Security.NONE, family),
                        null,
                        Thresholds.NONE,
                        CertificatePolicy.DEFAULT,
                        Expectations.NONE,
                        StopPoint.GREETING,
                        PATIENCE,
                        rounds),
                new ProtocolOptions.Smtp(null));
    }
}
