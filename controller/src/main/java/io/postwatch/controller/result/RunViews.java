package io.postwatch.controller.result;

import io.postwatch.controller.certificate.Certificates;
import io.postwatch.controller.run.CertificateView;
import io.postwatch.controller.run.ChainFindings;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.series.SeriesInfo;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Shows stored runs as the API does, with the certificates of their chains. Every method is part of the caller's transaction. */
@Component
public class RunViews {
    private final Certificates certificates;

    RunViews(Certificates certificates) {
        this.certificates = certificates;
    }

    /** In the order given; runs of series that are not in the map are left out. One query for all certificates. */
    public List<RunView> show(TenantId tenant, Map<SeriesId, SeriesInfo> series, Collection<StoredRun> runs) {
        Set<Fingerprint> chains = new LinkedHashSet<>();
        for (StoredRun stored : runs) {
            ChainFindings chain = stored.run().certificate();
            if (chain != null) {
                chains.addAll(chain.chain());
            }
        }
        Map<Fingerprint, CertificateView> known = certificates.find(tenant, chains);
        return runs.stream()
                .filter(run -> series.containsKey(run.series()))
                .map(run -> show(series, run, known))
                .toList();
    }

    private static RunView show(
            Map<SeriesId, SeriesInfo> series, StoredRun stored, Map<Fingerprint, CertificateView> known) {
        SeriesInfo info = series.get(stored.series());
        if (info == null) {
            throw new IllegalArgumentException("No series " + stored.series());
        }
        RunView.Origin origin = new RunView.Origin(
                new ResultId(stored.series(), stored.run().scheduledAt()).toString(),
                info.monitor(),
                info.location(),
                info.target(),
                stored.agent());
        RunView view = RunView.of(origin, stored.run(), known);
        return stored.run().transcript() == null ? view.withoutTranscript(stored.hasTranscript()) : view;
    }
}
