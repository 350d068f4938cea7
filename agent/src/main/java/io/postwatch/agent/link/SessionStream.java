package io.postwatch.agent.link;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two directions of a session's call. Written to by the link's thread; called back by gRPC's, which only hand events
 * on. The controller's messages come one at a time, each when it is {@linkplain #askForNext asked for}.
 */
final class SessionStream implements ClientResponseObserver<AgentMessage, ControllerMessage> {

    private static final Logger LOG = LoggerFactory.getLogger(SessionStream.class);

    private final Consumer<SessionEvent> events;
    private final Runnable roomToSend;
    private final RandomGenerator random;
    private volatile @Nullable ClientCallStreamObserver<AgentMessage> call;

    SessionStream(Consumer<SessionEvent> events, Runnable roomToSend, RandomGenerator random) {
        this.events = events;
        this.roomToSend = roomToSend;
        this.random = random;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<AgentMessage> requests) {
        requests.disableAutoRequestWithInitial(1);
        requests.setOnReadyHandler(roomToSend);
        call = requests;
    }

    @Override
    public void onNext(ControllerMessage message) {
        events.accept(new SessionEvent.Said(message, random.nextDouble()));
    }

    @Override
    public void onError(Throwable broken) {
        events.accept(new SessionEvent.StreamEnded(Status.fromThrowable(broken)));
    }

    @Override
    public void onCompleted() {
        events.accept(new SessionEvent.StreamEnded(Status.OK));
    }

    void askForNext() {
        ClientCallStreamObserver<AgentMessage> open = call;
        if (open != null) {
            open.request(1);
        }
    }

    boolean isReady() {
        ClientCallStreamObserver<AgentMessage> open = call;
        return open != null && open.isReady();
    }

    void send(AgentMessage message) {
        ClientCallStreamObserver<AgentMessage> open = call;
        if (open != null) {
            try {
                open.onNext(message);
            } catch (IllegalStateException over) {
                LOG.debug(
                        "A {} came after the end of the session",
                        message.getMessageCase().name().toLowerCase(Locale.ROOT));
            }
        }
    }

    void finish() {
        ClientCallStreamObserver<AgentMessage> open = call;
        if (open != null) {
            try {
                open.onCompleted();
            } catch (IllegalStateException over) {
                LOG.debug("The session was over already");
            }
        }
    }
}
