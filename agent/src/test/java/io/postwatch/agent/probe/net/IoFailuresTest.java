package io.postwatch.agent.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.failure.FailureCode;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "Connection refused, CONNECTION_REFUSED",
        "Connection refused: getsockopt, CONNECTION_REFUSED",
        "Connection timed out, CONNECT_TIMEOUT",
        "Operation timed out, CONNECT_TIMEOUT",
        "No route to host, HOST_UNREACHABLE",
        "Host is down, HOST_UNREACHABLE",
        "Network is unreachable, NETWORK_UNREACHABLE",
        "Connection reset by peer, CONNECTION_RESET"
    })
    void readsTheReasonInTheWordsOfTheSystemAndNotInTheTypeAlone(String reason, FailureCode code) {
        assertThat(IoFailures.ofConnect(new ConnectException(reason))).isEqualTo(code);
        assertThat(IoFailures.ofConnect(new SocketException(reason))).isEqualTo(code);
    }

    @Test
    void aConnectThatFailedForAnUnknownReasonWasNotRefused() {
        // ENOTCONN comes as a ConnectException too.
        assertThat(IoFailures.ofConnect(new ConnectException("Transport endpoint is not connected")))
                .isEqualTo(FailureCode.NO_EGRESS);
        assertThat(IoFailures.ofConnect(new ConnectException())).isEqualTo(FailureCode.NO_EGRESS);
        assertThat(IoFailures.ofConnect(new SocketException("Cannot reset the socket")))
                .isEqualTo(FailureCode.NO_EGRESS);
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
