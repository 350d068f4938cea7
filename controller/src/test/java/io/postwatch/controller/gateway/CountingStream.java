package io.postwatch.controller.gateway;

import io.grpc.stub.ServerCallStreamObserver;
import io.postwatch.proto.agent.v1.ControllerMessage;

/** A stream to an agent in the test's hands: nobody compresses, closes or cancels it, and what is asked for is counted. */
abstract class CountingStream extends ServerCallStreamObserver<ControllerMessage> {
    @Override
    public final void disableAutoRequest() {
        // What is asked for is counted.
    }

    @Override
    public final void disableAutoInboundFlowControl() {
        // What is asked for is counted.
    }

    @Override
    public final void setOnCancelHandler(Runnable handler) {
        // Where it is cancelled, the session finds out by itself.
    }

    @Override
    public final void setOnCloseHandler(Runnable handler) {
        // Nobody closes it but the session.
    }

    @Override
    public final void setCompression(String compression) {
        // Nobody compresses.
    }

    @Override
    public final void setMessageCompression(boolean enable) {
        // Nobody compresses.
    }
}
