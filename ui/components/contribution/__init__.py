"""Hours, expenses and thanks on screen: the parts that a volunteer and her coordinator share."""
