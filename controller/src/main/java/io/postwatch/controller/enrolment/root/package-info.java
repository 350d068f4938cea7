/**
 * The platform's roots and how they follow each other: which one issues, which are trusted, what is due, and the certificates
 * that they make. Used by the rest of enrolment, which signs with them; agents and tokens are unknown here.
 */
@NullMarked
package io.postwatch.controller.enrolment.root;

import org.jspecify.annotations.NullMarked;
