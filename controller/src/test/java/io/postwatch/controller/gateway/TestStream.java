package io.postwatch.controller.gateway;

import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The stream to an agent, which takes as much as the test says. Keeps what was sent. */
final class TestStream extends CountingStream {
    final List<ControllerMessage> sent = new CopyOnWriteArrayList<>();
    final AtomicInteger asked = new AtomicInteger();
    private volatile boolean ready = true;
    private volatile boolean cancelled;
    private volatile @Nullable Error failure;
    private volatile @Nullable Status end;
    private Runnable onReady = () -> {};

    /** From now on the agent reads, or doesn't. */
    void ready(boolean now) {
        ready = now;
        if (now) {
            onReady.run();
        }
    }

    /** The next message to be sent fails. */
    void failWith(Error error) {
        failure = error;
    }

    /** The connection is gone; nobody is told. */
    void cancel() {
        cancelled = true;
    }

    void awaitSent(MessageCase kind, int count) {
        await().atMost(10, TimeUnit.SECONDS).until(() -> count(kind) >= count);
    }

    long count(MessageCase kind) {
        return sent.stream().filter(message -> message.getMessageCase() == kind).count();
    }

    /** Once it is over. */
    Optional<Status> ended() {
        return Optional.ofNullable(end);
    }

    Status awaitEnd() {
        await().atMost(10, TimeUnit.SECONDS).until(() -> end != null);
        Status ended = end;
        if (ended == null) {
            throw new AssertionError("Not ended");
        }
        return ended;
    }

    @Override
    public void onNext(ControllerMessage message) {
        Error error = failure;
        if (error != null) {
            failure = null;
            throw error;
        }
        sent.add(message);
    }

    @Override
    public void onError(Throwable broken) {
        end = Status.fromThrowable(broken);
    }

    @Override
    public void onCompleted() {
        end = Status.OK;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
        onReady = handler;
    }

    @Override
    public void request(int count) {
        asked.addAndGet(count);
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
