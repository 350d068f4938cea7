package io.postwatch.controller.shared;

/** SASL mechanisms a login may use. */
public enum AuthMechanism {
    PLAIN,
    LOGIN
}
