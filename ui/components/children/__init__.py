"""Children's communication on screen: observations, steps as pictures, strands together."""
