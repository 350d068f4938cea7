package io.postwatch.controller.database;

/** A JDBC URL with the role to use. */
public record DatabaseLogin(String url, String username, String password) {
    @Override
    public String toString() {
        return username + " at " + url.replaceFirst("\\?.*", "");
    }
}
