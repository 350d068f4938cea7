/**
 * What became of agents and locations, in records that are published after the commit, and told to browsers from here.
 * Published by fleet, enrolment and liveness; assignment listens and places anew.
 */
@NamedInterface("news")
@NullMarked
package io.postwatch.controller.fleet.news;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
