package io.postwatch.controller.inventory;

import io.postwatch.controller.shared.id.ComponentId;
import java.time.Instant;

/**
 * One thing that is watched.
 *
 * @param monitors how many monitors it groups
 * @param revision counts its changes, from 1
 */
public record Component(
        ComponentId id, String name, String description, int monitors, long revision, Instant createdAt) {}
