package io.postwatch.controller.identity;

import org.jspecify.annotations.Nullable;

/** Who is to be the first owner, not checked yet. */
record NewOwner(String email, String password, @Nullable String tenantName) {
    @Override
    public String toString() {
        return email;
    }
}
