package io.postwatch.controller.series;

import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.id.LocationId;

/** What tells the series of one monitor apart: where its runs start from, and over which addresses they go. */
public record SeriesPlace(LocationId location, AddressFamily target) {}
