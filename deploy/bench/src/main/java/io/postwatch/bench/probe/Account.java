package io.postwatch.bench.probe;

/** The mailbox that every server here has. */
final class Account {

    static final String USERNAME = "bench@postwatch.test";
    static final String PASSWORD = "not-a-secret";

    private Account() {}
}
