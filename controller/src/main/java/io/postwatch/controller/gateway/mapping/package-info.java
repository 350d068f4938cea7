/**
 * Between the messages of the protocol and the records of this controller, both ways: what agents are told in
 * {@link OrderMapping}, what they report in {@link ResultMapping}, which trusts nothing that came.
 */
@NullMarked
package io.postwatch.controller.gateway.mapping;

import org.jspecify.annotations.NullMarked;
