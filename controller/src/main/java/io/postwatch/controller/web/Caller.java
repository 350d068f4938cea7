package io.postwatch.controller.web;

import io.postwatch.controller.shared.id.UserId;

/**
 * Somebody who is signed in.
 *
 * @param email by which people know the user
 * @param session which of the user's sessions, for nobody else to see
 * @param csrfToken what a changing request must carry
 */
public record Caller(UserId user, String email, String session, String csrfToken) {
    @Override
    public String toString() {
        return user.toString();
    }
}
