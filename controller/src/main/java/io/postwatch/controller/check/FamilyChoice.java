package io.postwatch.controller.check;

import io.postwatch.controller.shared.AddressFamily;
import java.util.List;

/** Over which address families a monitor checks its host. A run is always over one {@link AddressFamily}. */
public enum FamilyChoice {
    /** Whichever connects first. */
    ANY,
    IPV4,
    IPV6,
    /** Each by runs of its own, and judged by itself. */
    BOTH;

    /** One series per location for each of these, in this order. */
    public List<AddressFamily> targets() {
        return switch (this) {
            case ANY -> List.of(AddressFamily.ANY);
            case IPV4 -> List.of(AddressFamily.IPV4);
            case IPV6 -> List.of(AddressFamily.IPV6);
            case BOTH -> List.of(AddressFamily.IPV4, AddressFamily.IPV6);
        };
    }
}
