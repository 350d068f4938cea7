/**
 * Tells browsers over server-sent events what to fetch anew, also those that are connected to another controller. Modules
 * publish through {@link EventHub}; everything else here is the stream itself.
 */
@NamedInterface("events")
@NullMarked
package io.postwatch.controller.web.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
