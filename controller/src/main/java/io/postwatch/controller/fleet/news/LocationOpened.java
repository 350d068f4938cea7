package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.id.LocationId;

/** A public location is there for all tenants: monitors at all public locations run there from now on. After the commit. */
public record LocationOpened(LocationId location) {}
