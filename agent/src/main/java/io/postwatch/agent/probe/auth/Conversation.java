package io.postwatch.agent.probe.auth;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.IoFailures;
import io.postwatch.agent.probe.net.RunFailure;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.sasl.SaslExchange;
import io.postwatch.agent.probe.sasl.SaslStep;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One exchange over whatever carries it: the steps say what is said, the wire how. Used once, by the thread of the run.
 *
 * @param <E> the reply with which the protocol ends a login
 */
public final class Conversation<E> {

    private final SaslExchange exchange;
    private final SaslWire<E> wire;
    private final RunRecorder recorder;
    private SaslStep step;
    private SaslStep.@Nullable Explained refusal;

    private Conversation(SaslExchange exchange, SaslWire<E> wire, RunRecorder recorder) {
        this.exchange = exchange;
        this.wire = wire;
        this.recorder = recorder;
        this.step = exchange.first();
    }

    /**
     * Runs an exchange to its end.
     *
     * @return what the server says at the end, good or bad
     * @throws RunFailure also where the server breaks the rules of the mechanism, in which case the exchange is cancelled,
     *     where it accepts what it had no reason to, and where it says that the access token is at fault
     */
    public static <E> E run(SaslExchange exchange, SaslWire<E> wire, RunRecorder recorder) throws RunFailure {
        return new Conversation<>(exchange, wire, recorder).run();
    }

    private E run() throws RunFailure {
        if (exchange.mechanism().isScram()) {
            recorder.note("Without channel binding (n,,).");
        }
        SaslStep.Response initial = exchange.initialResponse();
        if (initial != null) {
            step = initial.next();
        }
        SaslWire.Said<E> said = wire.begin(exchange.mechanism(), initial);
        while (true) {
            switch (said) {
                case SaslWire.End<E> end -> {
                    judge(end);
                    return end.end();
                }
                case SaslWire.Challenge<E>(String base64, String line) -> said = answer(base64, line);
            }
        }
    }

    private SaslWire.Said<E> answer(String challenge, String line) throws RunFailure {
        return switch (turn(challenge)) {
            case SaslStep.Response response -> respond(response);
            case SaslStep.Explained explained -> {
                recorder.note("The server explains: " + explained.explanation());
                refusal = explained;
                yield respond(explained.response());
            }
            case SaslStep.Stop(String why) -> {
                wire.cancel();
                throw new RunFailure(FailureCode.BAD_REPLY, why, line);
            }
        };
    }

    private SaslStep.Turn turn(String challenge) throws RunFailure {
        try {
            return step.answer(challenge);
        } catch (RejectedExecutionException e) {
            wire.cancel();
            throw Thread.currentThread().isInterrupted()
                    ? IoFailures.cancelled()
                    : new RunFailure(
                            FailureCode.OVERLOADED, "This agent had no time to calculate what the login asks for.");
        }
    }

    private SaslWire.Said<E> respond(SaslStep.Response response) throws RunFailure {
        response.secrets().forEach(recorder::hide);
        step = response.next();
        return wire.respond(response);
    }

    private void judge(SaslWire.End<E> end) throws RunFailure {
        if (end.accepted()) {
            String objection = refusal != null
                    ? "The server accepts the login after it has explained why it does not."
                    : step.objection();
            if (objection != null) {
                throw new RunFailure(FailureCode.BAD_REPLY, objection, end.line());
            }
        } else if (refusal != null && refusal.tokenRejected()) {
            throw new RunFailure(
                    FailureCode.TOKEN_EXPIRED,
                    "The server does not accept the access token: it has expired, was withdrawn or is for something else.",
                    refusal.explanation() + " / " + end.line());
        }
    }
}
