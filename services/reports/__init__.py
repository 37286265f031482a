"""Reports for funders and trustees: fixed sections, small numbers hidden, figures frozen."""
