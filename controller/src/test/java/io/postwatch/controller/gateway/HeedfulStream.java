package io.postwatch.controller.gateway;

import io.grpc.Status;
import io.postwatch.proto.agent.v1.ControllerMessage;
import org.jspecify.annotations.Nullable;

/** The stream to an agent that reads at once, in one thread, and insists on what a stream may be asked for. */
final class HeedfulStream extends CountingStream {
    private int sent;
    private int asked;
    private @Nullable Status end;

    /** How much was sent. */
    int sent() {
        return sent;
    }

    /** How many messages are asked for and have not come. */
    int asked() {
        return asked;
    }

    /** A message came. */
    void spoke() {
        asked--;
    }

    /** How it ended; null while it stands. */
    @Nullable
    Status end() {
        return end;
    }

    @Override
    public void onNext(ControllerMessage message) {
        insistOnStanding();
        // As it goes out.
        if (message.toByteArray().length == 0) {
            throw new AssertionError("Nothing was said");
        }
        sent++;
    }

    @Override
    public void onError(Throwable broken) {
        insistOnStanding();
        end = Status.fromThrowable(broken);
    }

    @Override
    public void onCompleted() {
        insistOnStanding();
        end = Status.OK;
    }

    private void insistOnStanding() {
        if (end != null) {
            throw new IllegalStateException("The stream is over");
        }
    }

    @Override
    public boolean isReady() {
        return end == null;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
        // It is ready for as long as it stands.
    }

    @Override
    public void request(int count) {
        asked += count;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }
}
