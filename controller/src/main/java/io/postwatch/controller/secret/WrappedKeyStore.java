package io.postwatch.controller.secret;

import io.postwatch.controller.home.KekId;
import java.util.Set;

/** Where wrapped keys are stored, so that they can be wrapped anew. */
public interface WrappedKeyStore {
    /** The table; its column {@code kek_id} says by what each is wrapped, NULL from a release before: by the one in use. */
    String table();

    /**
     * Wraps a small number of keys by the key in use now that are wrapped by one of these; in a system transaction of the
     * caller. Those that the key in use wraps already are left alone, whoever takes it for a former one: a caller that stood
     * still while it changed would go on for ever.
     *
     * @return how many were tried; 0 once none is left that can be unwrapped
     */
    int rewrap(Set<KekId> former);
}
