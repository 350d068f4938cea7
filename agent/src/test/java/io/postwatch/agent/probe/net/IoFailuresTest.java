package io.postwatch.agent.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.failure.FailureCode;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class IoFailuresTest {

    @Test
    void blamesTheOtherSideOnlyForKnownReasons() {
        assertThat(IoFailures.ofConnect(new ConnectException("Connection refused")))
                .isEqualTo(FailureCode.CONNECTION_REFUSED);
        assertThat(IoFailures.ofConnect(new SocketTimeoutException("Connect timed out")))
                .isEqualTo(FailureCode.CONNECT_TIMEOUT);
        assertThat(IoFailures.ofConnect(new NoRouteToHostException("No route to host")))
                .isEqualTo(FailureCode.HOST_UNREACHABLE);
        assertThat(IoFailures.ofConnect(new SocketException("Host is down"))).isEqualTo(FailureCode.HOST_UNREACHABLE);
        assertThat(IoFailures.ofConnect(new SocketException("Network is unreachable")))
                .isEqualTo(FailureCode.NETWORK_UNREACHABLE);
        assertThat(IoFailures.ofConnect(new SocketException("Connection reset")))
                .isEqualTo(FailureCode.CONNECTION_RESET);
    }

    @Test
    void whateverElseStopsAConnectIsThisMachines() {
        assertThat(IoFailures.ofConnect(new SocketException("Too many open files")))
                .isEqualTo(FailureCode.NO_EGRESS);
        assertThat(IoFailures.ofConnect(new SocketException("Permission denied")))
                .isEqualTo(FailureCode.NO_EGRESS);
        assertThat(IoFailures.ofConnect(new BindException("Cannot assign requested address")))
                .isEqualTo(FailureCode.NO_EGRESS);
    }
}
