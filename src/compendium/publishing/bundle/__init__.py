"""One archive of a study for reviewers and repositories, described in four standards."""
