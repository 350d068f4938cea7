/** Tests of certificates as captured. */
@NullMarked
package io.postwatch.agent.probe.certificate;

import org.jspecify.annotations.NullMarked;
