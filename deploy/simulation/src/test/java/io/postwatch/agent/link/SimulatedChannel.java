package io.postwatch.agent.link;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.simulation.machine.Connection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A channel whose one call goes through a simulated connection. */
final class SimulatedChannel extends Channel {

    private final Function<Connection.Dialler<ControllerMessage>, @Nullable Connection<AgentMessage, ControllerMessage>>
            dial;
    private final Runnable afterwards;
    private @Nullable Connection<AgentMessage, ControllerMessage> connection;

    /**
     * Makes one.
     *
     * @param dial answers null where nobody answers
     * @param afterwards called after each thing that was heard
     */
    SimulatedChannel(
            Function<Connection.Dialler<ControllerMessage>, @Nullable Connection<AgentMessage, ControllerMessage>> dial,
            Runnable afterwards) {
        this.dial = dial;
        this.afterwards = afterwards;
    }

    /** Lets go of the connection, as closing the channel does. */
    void hangUp() {
        if (connection != null) {
            connection.hangUp();
        }
    }

    @Override
    public String authority() {
        return "simulation";
    }

    @Override
    @SuppressWarnings("unchecked") // The session is the only call, and these are its messages.
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        return (ClientCall<Q, A>) new Call();
    }

    private final class Call extends ClientCall<AgentMessage, ControllerMessage> {

        private int asked;

        @Override
        public void start(Listener<ControllerMessage> listener, Metadata headers) {
            connection = dial.apply(new Connection.Dialler<>() {
                @Override
                public void message(ControllerMessage message) {
                    listener.onMessage(message);
                    afterwards.run();
                }

                @Override
                public void room() {
                    listener.onReady();
                    afterwards.run();
                }

                @Override
                public void over(boolean well, String why) {
                    listener.onClose(well ? Status.OK : Status.UNAVAILABLE.withDescription(why), new Metadata());
                    afterwards.run();
                }
            });
            if (connection == null) {
                listener.onClose(Status.UNAVAILABLE.withDescription("nobody answers"), new Metadata());
            } else {
                connection.askDown(asked);
            }
        }

        @Override
        public void request(int messages) {
            if (connection == null) {
                asked += messages;
            } else {
                connection.askDown(messages);
            }
        }

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {
            hangUp();
        }

        @Override
        public void halfClose() {
            if (connection != null) {
                connection.completeUp();
            }
        }

        @Override
        public void sendMessage(AgentMessage message) {
            if (connection != null) {
                connection.sayUp(message);
            }
        }

        @Override
        public boolean isReady() {
            return connection != null && connection.hasRoomUp();
        }
    }
}
