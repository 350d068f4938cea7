package io.postwatch.controller.shared;

/** Which addresses of the host a run may use. */
public enum AddressFamily {
    ANY,
    IPV4,
    IPV6
}
