package io.postwatch.controller.gateway;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.simulation.machine.Connection;
import io.postwatch.simulation.machine.SimulatedProcess;

/** The stream to an agent, over a simulated connection. */
final class SimulatedStream extends ServerCallStreamObserver<ControllerMessage> {

    private final Connection<AgentMessage, ControllerMessage> connection;
    private final SimulatedProcess process;
    private Runnable onReady = () -> {};
    private Runnable onCancel = () -> {};
    private boolean cancelled;
    private boolean ended;

    SimulatedStream(Connection<AgentMessage, ControllerMessage> connection, SimulatedProcess process) {
        this.connection = connection;
        this.process = process;
    }

    void room() {
        onReady.run();
    }

    void torn() {
        cancelled = true;
        onCancel.run();
    }

    /** Whether either side has ended it. */
    boolean isOver() {
        return cancelled || ended;
    }

    @Override
    public void onNext(ControllerMessage message) {
        if (process.isAlive()) {
            connection.sayDown(message);
        }
    }

    @Override
    public void onError(Throwable broken) {
        ended = true;
        if (process.isAlive()) {
            connection.endDown(false, String.valueOf(Status.fromThrowable(broken)));
        }
    }

    @Override
    public void onCompleted() {
        ended = true;
        if (process.isAlive()) {
            connection.endDown(true, "");
        }
    }

    @Override
    public boolean isReady() {
        return process.isAlive() && !cancelled && connection.hasRoomDown();
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
        onReady = handler;
    }

    @Override
    public void request(int count) {
        connection.askUp(count);
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
        onCancel = handler;
    }

    @Override
    public void setOnCloseHandler(Runnable handler) {
        // What comes is always a message.
    }

    @Override
    public void setCompression(String compression) {
        // Nothing is compressed.
    }

    @Override
    public void disableAutoRequest() {
        // Messages come as they are asked for.
    }

    @Override
    public void disableAutoInboundFlowControl() {
        // Messages come as they are asked for.
    }

    @Override
    public void setMessageCompression(boolean enable) {
        // Nothing is compressed.
    }
}
