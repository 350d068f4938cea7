/**
 * The controller as a simulation has it: its real session rules, shell, registry and mapping, in a process of virtual time,
 * with the simulated database in place of SQL.
 */
@NullMarked
package io.postwatch.controller.gateway;

import org.jspecify.annotations.NullMarked;
