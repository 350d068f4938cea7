/**
 * The rule by which one agent of a location's pool gets a series: its draw, what it can do, and whether it stands well
 * enough to be given more. Pure; used by assignment, which applies and stores it, and by monitortest, which asks who would.
 */
@NamedInterface("placement")
@NullMarked
package io.postwatch.controller.assignment.placement;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
