// Package helpcenter is where a team writes down what visitors ask, and where visitors find it.
//
// Collections are shelves, one within another. An article stands on at most one shelf; it is a draft, published or
// archived, and public or internal (for the team alone). What it says stands in a text per language: a working copy,
// and what readers see. Writing never disturbs what is published; publishing takes the working copy over. Each save
// names the revision it was made from, so that two writers never lose a word: the second gets the other's text. Versions
// keep what was said before. An address that changed leads to the new one.
//
// Readers come by the public pages under /help, through the messenger, or by the public doors; all of them see only
// what is published and public, and all of them search with Search.
package helpcenter
