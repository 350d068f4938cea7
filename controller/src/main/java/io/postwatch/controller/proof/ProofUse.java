package io.postwatch.controller.proof;

import io.postwatch.controller.shared.id.TenantId;
import java.util.List;
import java.util.Set;

/** What proofs are good for. The module that knows monitors implements it; called inside the tenant's transaction. */
public interface ProofUse {
    /** Of each of the tenant's monitors that runs at public locations and needs proofs: the domains it needs. */
    List<Set<MailDomain>> neededByMonitors(TenantId tenant);
}
